/** The study mode Flashcards. */

import { study } from "./study.js";

study("flashcards", "Flashcards");
