"""Matches questions: from a question to the archived exchanges that answer it, and how surely.

In the order of the work:

finder              candidates by their terms (postings), those that fit at a glance
probability         the logistic curve, and log odds
compare, rank       what question and candidate have in common, and what that is worth
embedder, embedding vectors of questions and what was said, by these or by an operator's model
vectors, meaning    candidates by their meaning, and how near it is
match               the matches of a question, with their confidence
conversation        what the other questions of a match's conversation lend to it
overheard           whether a question that was put to nobody may be answered
"""
