/** Learn: what is kept between visits, and read again with care. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { next } from "../../static/model/learn.js";
import { KEPT_MS, restored, toKeep } from "../../static/model/learn/kept.js";
import {
  answer,
  begun,
  card,
  CARDS,
  goOn,
  HOUR,
  known,
  NOON,
  play,
  queued,
  told,
} from "./learn-given.mjs";

describe("what is kept", () => {
  const page = { cards: CARDS, progress: told(), asked: [] };
  const visit = { address: "", at_ms: NOON + HOUR, ended: false };
  const kept = (state, at_ms = NOON) => JSON.parse(JSON.stringify(toKeep(state, "", at_ms)));
  const typing = () => begun({ progress: told(queued("AB"), [known("A")]) });

  for (const [which, state] of [
    ["an open choice", begun()],
    ["a choice that is decided", answer(begun(), false)],
    ["a half-typed answer", next(typing(), { type: "typed", text: "Re" })],
    ["an overruled verdict", next(answer(typing(), false), { type: "overruled" })],
    ["a question of the middle", goOn(answer(goOn(answer(begun(), false)), true))],
  ]) {
    test(`brings back ${which}`, () => {
      const back = restored(kept(state), { ...page, progress: state.progress }, visit);
      assert.deepEqual(back, { ...state, since: visit.at_ms });
    });
  }

  test("asks again what was at the server, with what was typed", () => {
    const sent = next(next(typing(), { type: "typed", text: "Re" }), { type: "checked", at_ms: NOON });
    for (const state of [sent, next(sent, { type: "ungraded", turn: sent.turn })]) {
      const back = restored(kept(state), page, visit);
      assert.deepEqual([back.phase, back.text], ["asking", "Re"]);
    }
  });

  test("shows a set that is done again only when that is wanted", () => {
    const { end } = play(begun(), () => true);
    assert.equal(restored(kept(end), page, visit).lesson.items.length, 0);
    assert.equal(restored(kept(end), page, { ...visit, ended: true }).lesson.items.length, 7);
  });

  test("begins anew after a day, at another address, and with a card that has gone or changed", () => {
    const state = kept(begun());
    const begins = (back) => assert.deepEqual([back.phase, back.lesson.items.length], ["end", 0]);
    assert.equal(restored(state, page, { ...visit, at_ms: NOON + KEPT_MS }).phase, "asking");
    begins(restored(state, page, { ...visit, at_ms: NOON + KEPT_MS + 1 }));
    begins(restored(state, page, { ...visit, address: "A,B" }));
    begins(restored(state, { ...page, cards: CARDS.slice(0, 6) }, visit));
    begins(restored(state, { ...page, cards: [{ ...card("A"), answer: "New" }, ...CARDS.slice(1)] }, visit));
  });

  test("keeps the settings and what was done though the session is gone", () => {
    const settings = { side: "prompt", typing: "never" };
    const { end } = play(begun({ settings }), () => true);
    const back = restored({ ...kept(end), session: null }, page, visit);
    assert.deepEqual([back.settings, back.studied], [settings, end.studied]);
  });

  const good = kept(begun());
  const spoilt = { ...good.session, lesson: { ...good.session.lesson, line: ["A"] } };
  const strange = [{ session: 1 }, { session: {}, settings: 3, studied: [] }, { session: spoilt }];
  for (const value of [null, 7, "text", [], {}, ...strange]) {
    test(`is not trusted when it is ${JSON.stringify(value).slice(0, 50)}`, () => {
      const back = restored(value, page, visit);
      assert.deepEqual([back.phase, back.settings.side, back.settings.typing], ["end", "answer", "familiar"]);
    });
  }
});
