"""Rules as data, each with its source; a province changes them without code."""
