"""The steps by which the hub's tables came to be; never edited once merged."""
