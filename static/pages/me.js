/**
 * The page `/me`: one's name, and how to keep it.
 */

import { pageData } from "../ui/dom.js";
import { frame } from "./frame.js";

const { me } = /** @type {{ me: import("../wire/messages.js").Player | null }} */ (pageData());

frame(me);
