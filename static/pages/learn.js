/** The study mode Learn. */

import { study } from "./study.js";

study("learn", "Learn");
