"""What is known of Chinese and of how a chat writes it; no other room holds a word of it.

normal, synonyms, sound      a text as it is looked for: its normal form and terms, other readings
kinds, questions, replies    what a message does, what a question asks, how a reply begins
words, names, retelling      what messages share, nicknames, question and answer in one message
possible, lexicon            all that may be a word in a text, and which of it is one
word_vectors                 vectors of texts as sums of those of their words, which Palou brings
display                      a text as a member should read it
"""
