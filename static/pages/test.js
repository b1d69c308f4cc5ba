/** The study mode Test. */

import { study } from "./study.js";

study("test", "Test");
