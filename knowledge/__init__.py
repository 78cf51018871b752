"""Archives in, answers out: what Palou knows, apart from the chat that it answers in.

Its rooms, each of which imports only from those before it:

errors, model, groups   what all rooms speak of: messages, citations, exchanges; what can go wrong
processes               starting further processes of ours
archive                 the formats of archives: files, readers, writing
language                Chinese, and it alone knows any
store                   the one SQLite file
linking                 who answered what
loading                 from archive files to exchanges in the store
matching                from a question to what answered it before
train                   the scripts that make the learned weights of linking and matching
"""
