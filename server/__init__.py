"""Deckduel: Elo-rated challenge matches over flashcard decks."""
