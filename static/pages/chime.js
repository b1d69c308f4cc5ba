/**
 * Two rising notes, where the browser lets a page sound.
 */

/** How long they sound, in ms. */
export const CHIME_MS = 400;

const NOTES_HZ = Object.freeze([660, 880]);
/** Between the beginnings of the notes, and how long each takes to fade. In seconds. */
const APART_S = 0.16;
const FADE_S = 0.2;
const LOUD = 0.12;
const SILENT = 0.001;

/** @type {AudioContext | null} */
let context = null;

/** Sounds, unless nobody has touched this page yet: the browser would complain of it. */
export function chime() {
  if (!navigator.userActivation.hasBeenActive) return;
  context ??= new AudioContext();
  const { currentTime, destination } = context;
  for (const [index, frequency] of NOTES_HZ.entries()) {
    const starts_at = currentTime + index * APART_S;
    const note = context.createOscillator();
    const volume = context.createGain();
    note.frequency.value = frequency;
    volume.gain.setValueAtTime(LOUD, starts_at);
    volume.gain.exponentialRampToValueAtTime(SILENT, starts_at + FADE_S);
    note.connect(volume).connect(destination);
    note.start(starts_at);
    note.stop(starts_at + FADE_S);
  }
}
