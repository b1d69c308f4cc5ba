/**
 * The page of a challenge, where a link leads.
 */

import { pageData } from "../ui/dom.js";
import { frame } from "./frame.js";

/** @type {{ me: import("../wire/messages.js").Player | null }} */
const page = pageData();

frame(page.me);
