"""What members read.

`excerpt` quotes an exchange page by page, `reply` makes a reply of a match, with its repeats and
near misses, and `texts` has all that the bot says in its own words.
"""
