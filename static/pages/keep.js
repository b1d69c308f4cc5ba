/**
 * The page of a one-time link: asks whether to go on as its player on this device.
 */

import { pageData } from "../ui/dom.js";
import { frame } from "./frame.js";

const { me } = /** @type {{ me: import("../wire/messages.js").Player | null }} */ (pageData());

frame(me);
