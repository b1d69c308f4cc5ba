/** The study mode. */
