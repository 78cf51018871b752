"""What is NoneBot's: the events of each adapter in, its messages out, by nonebug's bots."""
