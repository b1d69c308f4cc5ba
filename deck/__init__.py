"""Decks of flashcards: what a card is, how it is read, how well its choices keep their secret."""
