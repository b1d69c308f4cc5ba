/** Players and challenges for the tests of the pages that show them. */

export const ADA = { id: "p0", name: "Ada", rating: 1512, provisional: true, bot: false };
export const BOB = { id: "p1", name: "Bob", rating: 1480, provisional: false, bot: false };
export const EVE = { id: "p2", name: "Eve", rating: 1500, provisional: true, bot: false };

/** An open, rated link of Ada's. */
export const challenge = (more = {}) => ({
  type: "challenge_changed",
  challenge: "K7QWXP",
  kind: "link",
  deck: "deep-learning-interview",
  title: "100 Deep Learning interview",
  rated: true,
  rounds: 10,
  limit_ms: 15_000,
  by: ADA,
  to: null,
  state: "open",
  expires_in_ms: 86_400_000,
  here: true,
  stake: null,
  k_share: 1,
  unrated_because: null,
  match: null,
  rematch_of: null,
  ...more,
});
