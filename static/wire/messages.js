/**
 * The types of everything that crosses the wire, socket and HTTP, as the protocol page names them.
 *
 * Nothing here runs: the module exists for its types. Durations are whole milliseconds and end in
 * `_ms`, a seat is 0 or 1, "by seat" is a pair, rounds count from 1, a choice is 0 to 3.
 */

/** @typedef {0 | 1} Seat */
/** @typedef {string | number} Ref */
/**
 * @template T
 * @typedef {readonly [T, T]} BySeat
 */

// Words with a closed list of values.

/** @typedef {"gathering" | "countdown" | "open" | "reveal" | "over"} Phase */
/** @typedef {"seat_0" | "seat_1" | "draw" | "aborted"} Outcome */
/** @typedef {"played" | "resigned" | "forfeit" | "no_show" | "abandoned"} OverReason */
/** @typedef {"casual" | "gap" | "pair_limit" | "bot"} UnratedBecause */
/** @typedef {"link" | "direct" | "rematch"} ChallengeKind */
/** @typedef {"open" | "accepted" | "declined" | "withdrawn" | "expired"} ChallengeState */
/**
 * @typedef {"malformed" | "unknown_type" | "not_signed_in" | "no_such_deck" | "no_such_match"
 *   | "already_seeking" | "already_in_match" | "not_your_match" | "not_open" | "already_answered"
 *   | "over" | "too_fast" | "cooling_down" | "unavailable" | "no_such_challenge" | "no_such_player"
 *   | "own_challenge" | "not_your_challenge" | "challenge_over" | "not_online" | "opponent_busy"
 *   | "not_accepting" | "too_many_challenges" | "rated_limits" | "not_over"} RefusedReason
 */

// Things that messages are made of.

/** @typedef {{ readonly id: string, readonly name: string }} Player */
/**
 * @typedef {object} Opponent
 * @property {string} id
 * @property {string} name
 * @property {number} rating
 * @property {boolean} provisional
 * @property {boolean} [bot]
 * @property {boolean} [practice] one of the server's own; a bot, too
 */
/**
 * What one's own rating would do, as signed changes.
 * @typedef {object} Stake
 * @property {number} win
 * @property {number} draw
 * @property {number} loss
 */
/**
 * @typedef {object} LadderRow
 * @property {number} rank equal ratings share one
 * @property {string} player
 * @property {string} name
 * @property {number} rating
 * @property {boolean} provisional
 * @property {number} matches
 * @property {number} change what the last rated match did
 */
/**
 * @typedef {object} SeatState
 * @property {string} player
 * @property {string} name
 * @property {number} rating
 * @property {boolean} provisional
 * @property {boolean} bot
 * @property {boolean} [practice]
 * @property {number} total
 * @property {boolean} ready
 * @property {boolean} connected
 * @property {boolean} answered
 * @property {number | null} forfeit_in_ms null while connected
 */
/**
 * @typedef {object} ShownAnswer
 * @property {number} choice
 * @property {number} elapsed_ms
 * @property {number} points
 */
/**
 * @typedef {object} ClosedRound
 * @property {number} round
 * @property {string | null} card null where only the live messages were heard: they do not name it
 * @property {string} prompt
 * @property {readonly string[]} choices
 * @property {number} correct
 * @property {BySeat<ShownAnswer | null>} answers
 * @property {BySeat<number>} totals
 */
/**
 * @typedef {object} RatingChange
 * @property {number} before
 * @property {number} after
 * @property {number} change
 * @property {number} expected between 0 and 1
 * @property {number} k
 */

// client → server

/** @typedef {{ type: "seek", deck: string, rated?: boolean, ref?: Ref }} Seek */
/** @typedef {{ type: "cancel_seek", ref?: Ref }} CancelSeek */
/** @typedef {{ type: "enter", match: string, ref?: Ref }} Enter */
/** @typedef {{ type: "ready", match: string, ref?: Ref }} Ready */
/** @typedef {{ type: "answer", match: string, round: number, choice: number, ref?: Ref }} Answer */
/** @typedef {{ type: "resign", match: string, ref?: Ref }} Resign */
/** @typedef {{ type: "leave", match: string, ref?: Ref }} Leave */
/** @typedef {{ type: "watch_ladder", deck: string, ref?: Ref }} WatchLadder */
/** @typedef {{ type: "unwatch_ladder", deck: string, ref?: Ref }} UnwatchLadder */
/** @typedef {{ type: "ping", t: number, ref?: Ref }} Ping */
/**
 * @typedef {object} Challenge
 * @property {"challenge"} type
 * @property {string} deck
 * @property {string | null} [to] a player; left out, a link for whoever takes it first
 * @property {boolean} [rated] true unless told
 * @property {number | null} [rounds] of a casual one, 5 to 20
 * @property {number | null} [limit_ms] of a casual one, 5000 to 60000
 * @property {Ref} [ref]
 */
/** @typedef {{ type: "accept_challenge", challenge: string, ref?: Ref }} AcceptChallenge */
/** @typedef {{ type: "decline_challenge", challenge: string, ref?: Ref }} DeclineChallenge */
/** @typedef {{ type: "withdraw_challenge", challenge: string, ref?: Ref }} WithdrawChallenge */
/** @typedef {{ type: "rematch", match: string, ref?: Ref }} Rematch */
/** @typedef {{ type: "watch_challenge", challenge: string, ref?: Ref }} WatchChallenge */
/** @typedef {{ type: "unwatch_challenge", challenge: string, ref?: Ref }} UnwatchChallenge */
/** @typedef {{ type: "watch_lobby", deck: string, ref?: Ref }} WatchLobby */
/** @typedef {{ type: "unwatch_lobby", deck: string, ref?: Ref }} UnwatchLobby */
/** @typedef {{ type: "watch_player", player: string, ref?: Ref }} WatchPlayer */
/** @typedef {{ type: "unwatch_player", player: string, ref?: Ref }} UnwatchPlayer */
/**
 * @typedef {Seek | CancelSeek | Enter | Ready | Answer | Resign | Leave | WatchLadder
 *   | UnwatchLadder | Ping | Challenge | AcceptChallenge | DeclineChallenge | WithdrawChallenge
 *   | Rematch | WatchChallenge | UnwatchChallenge | WatchLobby | UnwatchLobby | WatchPlayer
 *   | UnwatchPlayer} ClientMessage
 */

// server → client

/**
 * @typedef {object} Welcome
 * @property {"welcome"} type
 * @property {Player | null} player
 * @property {number} server_time_ms
 * @property {string | number} version
 * @property {string | null} live_match enter it
 * @property {readonly string[]} [live_matches] of a practice opponent, several
 * @property {{ deck: string, rated: boolean, waited_ms: number } | null} seeking
 */
/**
 * Sent again whenever `waiting` changes.
 * @typedef {object} Seeking
 * @property {"seeking"} type
 * @property {string} deck
 * @property {boolean} rated
 * @property {number} waiting players in this pool, oneself included
 * @property {number} waited_ms
 * @property {Ref} [ref]
 */
/** @typedef {{ type: "seek_cancelled", ref?: Ref }} SeekCancelled */
/**
 * @typedef {object} Paired
 * @property {"paired"} type
 * @property {string} match
 * @property {string} deck
 * @property {string} title
 * @property {boolean} rated
 * @property {Seat} seat
 * @property {number} rating one's own
 * @property {boolean} provisional one's own
 * @property {Opponent} opponent
 * @property {Stake | null} stake null if unrated
 * @property {number} k_share 1, 0.5 or 0
 * @property {UnratedBecause | null} unrated_because
 * @property {number} ready_in_ms what is left of the ready gate
 */
/** @typedef {{ type: "done", ref: Ref }} Done */
/**
 * The full snapshot of a match: it replaces everything known before.
 * @typedef {object} MatchSnapshot
 * @property {"match"} type
 * @property {string} match
 * @property {string} deck
 * @property {string} title of the deck
 * @property {boolean} rated
 * @property {UnratedBecause | null} unrated_because
 * @property {number} k_share
 * @property {Stake | null} stake one's own; null for a spectator or unrated
 * @property {Seat | null} seat null for a spectator
 * @property {Phase} phase
 * @property {number} rounds
 * @property {number} round
 * @property {number} limit_ms
 * @property {number} left_ms to the end of the phase; 0 when over
 * @property {string | null} prompt
 * @property {readonly string[] | null} choices
 * @property {BySeat<SeatState>} seats
 * @property {number | null} my_choice
 * @property {readonly ClosedRound[]} closed
 * @property {MatchOver | null} result null while it is being stored
 * @property {number} [watchers] who watch without playing
 * @property {Ref} [ref]
 */
/**
 * @typedef {object} SeatChanged
 * @property {"seat_changed"} type
 * @property {string} match
 * @property {Seat} seat
 * @property {boolean} ready
 * @property {boolean} connected
 * @property {number | null} forfeit_in_ms null while connected
 */
/** @typedef {{ type: "countdown_started", match: string, opens_in_ms: number }} CountdownStarted */
/**
 * @typedef {object} RoundOpened
 * @property {"round_opened"} type
 * @property {string} match
 * @property {number} round
 * @property {number} rounds
 * @property {string} prompt
 * @property {readonly string[]} choices
 * @property {number} limit_ms
 * @property {number} left_ms
 */
/**
 * @typedef {object} AnswerTaken
 * @property {"answer_taken"} type
 * @property {string} match
 * @property {number} round
 * @property {Seat} seat
 * @property {number} [choice] only to the sockets of the player who gave it
 * @property {number} [elapsed_ms] only to the sockets of the player who gave it
 * @property {Ref} [ref]
 */
/**
 * @typedef {object} RoundClosed
 * @property {"round_closed"} type
 * @property {string} match
 * @property {number} round
 * @property {number} correct
 * @property {BySeat<ShownAnswer | null>} answers
 * @property {BySeat<number>} totals
 * @property {number | null} next_in_ms null after the last
 */
/**
 * @typedef {object} MatchOver
 * @property {"match_over"} type
 * @property {string} match
 * @property {Outcome} outcome
 * @property {OverReason} reason
 * @property {BySeat<number>} totals
 * @property {BySeat<RatingChange> | null} ratings null if unrated
 * @property {BySeat<boolean> | null} [provisional_after] the new ratings; null if unrated
 * @property {number | null} [resembles] after a match against a practice opponent: the rating that
 *   the player's result speaks for
 */
/** @typedef {{ type: "ladder", deck: string, top: readonly LadderRow[], ref?: Ref }} Ladder */
/**
 * @typedef {object} Refused
 * @property {"refused"} type
 * @property {RefusedReason} reason
 * @property {string} detail
 * @property {Ref | null} [ref]
 * @property {number} [choice] with `already_answered`: the first one
 * @property {number} [retry_in_ms] with `cooling_down`
 * @property {string} [match] with `already_in_match`: the one to enter
 */
/** @typedef {{ type: "pong", t: number, ref?: Ref }} Pong */
/**
 * A challenge as it stands, for the player whom it is sent to.
 * @typedef {object} ChallengeChanged
 * @property {"challenge_changed"} type
 * @property {string} challenge its id, six letters and digits; the link is `/challenges/{id}`
 * @property {ChallengeKind} kind
 * @property {string} deck
 * @property {string} title of the deck
 * @property {boolean} rated
 * @property {number} rounds
 * @property {number} limit_ms
 * @property {Opponent} by who offers
 * @property {Opponent | null} to whom it is offered to, or who took it
 * @property {ChallengeState} state
 * @property {number} expires_in_ms 0 once it is not open
 * @property {boolean} here whether `by` is online
 * @property {Stake | null} stake null if unrated, or while the opponent is not known
 * @property {number} k_share
 * @property {UnratedBecause | null} unrated_because
 * @property {string | null} match what came of it
 * @property {string | null} rematch_of
 * @property {Ref} [ref]
 */
/**
 * @typedef {object} LobbyPlayer
 * @property {string} id
 * @property {string} name
 * @property {number} rating
 * @property {boolean} provisional
 * @property {boolean} bot
 * @property {string | null} playing the match that he is in
 */
/**
 * @typedef {object} LobbyMatch
 * @property {string} match
 * @property {boolean} rated
 * @property {number} round 0 before the first
 * @property {number} rounds
 * @property {BySeat<number>} totals
 * @property {number} watchers
 * @property {BySeat<Opponent>} players
 */
/**
 * @typedef {object} Lobby
 * @property {"lobby"} type
 * @property {string} deck
 * @property {number} online all who are here
 * @property {readonly LobbyPlayer[]} players the first 50 of them, best rated first
 * @property {readonly LobbyMatch[]} matches up to 12, the latest first
 * @property {Ref} [ref]
 */
/**
 * @typedef {object} Presence
 * @property {"presence"} type
 * @property {string} player
 * @property {boolean} online
 * @property {string | null} playing the match that he is in
 * @property {Ref} [ref]
 */
/** @typedef {{ type: "watchers", match: string, watchers: number }} Watchers */
/** @typedef {{ type: "storage", available: boolean }} Storage */
/**
 * @typedef {Welcome | Seeking | SeekCancelled | Paired | Done | MatchSnapshot | SeatChanged
 *   | CountdownStarted | RoundOpened | AnswerTaken | RoundClosed | MatchOver | Ladder | Refused
 *   | Pong | ChallengeChanged | Lobby | Presence | Watchers | Storage} ServerMessage
 */

// HTTP

/** @typedef {{ id: string, title: string, cards: number }} DeckEntry */
/** @typedef {{ readonly id: string, readonly prompt: string, readonly answer: string }} Card */
/** @typedef {{ id: string, title: string, cards: readonly Card[] }} Deck */
/** @typedef {{ id: string, name: string, token: string }} SignedUp */
/**
 * @typedef {object} RecordPlayer
 * @property {string} id
 * @property {string} name
 * @property {number} rating before the match
 * @property {boolean} provisional
 * @property {boolean} bot
 * @property {boolean} [practice]
 * @property {boolean} [deleted] there is no page of this player any more
 */
/**
 * @typedef {object} RecordAnswer
 * @property {number} choice
 * @property {number} elapsed_ms
 * @property {number} credit_ms
 * @property {number} points
 */
/**
 * @typedef {object} RecordRound
 * @property {number} round
 * @property {string} card
 * @property {string} prompt
 * @property {readonly string[]} choices
 * @property {number} correct
 * @property {string} explanation
 * @property {BySeat<RecordAnswer | null>} answers
 * @property {BySeat<number>} totals
 */
/**
 * `GET /api/matches/{match}`: the review for ever; of a live match only what is already public.
 * @typedef {object} MatchRecord
 * @property {string} id
 * @property {string} deck
 * @property {string} title
 * @property {boolean} rated
 * @property {UnratedBecause | null} unrated_because
 * @property {number} k_share
 * @property {Phase} phase
 * @property {number | null} finished_at_ms milliseconds since 1970
 * @property {BySeat<RecordPlayer>} players
 * @property {readonly RecordRound[]} rounds
 * @property {{ outcome: Outcome, reason: OverReason, totals: BySeat<number> } | null} result
 * @property {BySeat<RatingChange> | null} ratings
 * @property {BySeat<boolean> | null} provisional_after whether each new rating still has its mark
 * @property {number | null} resembles what a result against a practice opponent speaks for
 */
/** @typedef {{ error: string, detail: string, retry_in_ms?: number }} ErrorBody */

export {};
