"""The tests of Deckduel; they mirror the packages."""
