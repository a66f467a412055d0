"""The itinerary of a look-up: locate, gather, merge, mask, trail."""
