"""The one SQLite file: its schema, writing knowledge into it, and reading from it.

All SQL of archived knowledge stands here; that of the bot's own record stands in `bot.record`.

schema, migrations      opening it, and what its tables are
transaction, write      what a load changes, as a whole or not at all
rows, ids               what exchanges are kept as, and how the ids of all rows are made
files                   the files that were loaded
wishes                  what members want forgotten, in the file that keeps it
forget, forgotten       applying it: to what is stored, and to single messages
outputs                 files written elsewhere that hold what was said, for wishes to reach
index, sounds, vectors  what exchanges are found by: words, characters' sounds, meanings
terms, vocabulary       which exchanges hold a word, and how common it is
texts, read             candidates as they are compared; messages, days and exchanges
archive, browse         the same for pages: nothing forgotten in it, one state throughout
tables, samples         for those who look at rows themselves: a browser, and training
state, copies           what a connection sees, and copies of the file
"""
