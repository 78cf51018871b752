"""Who answered what: from the messages of a day to its exchanges.

In the order of the work:

people      who is whom in a group, over all its days
scene       a day between its neighbours: each message worked out once, and the pairs
evidence    what the chat itself says of who answers whom: certain, without any weights
company     what the likely links say about each other, when all of them are known
meant       how near messages are in what they mean, by vectors of their words
figures     a second look at each of them: what the trees weigh
trees       boosted trees, as nested lists
answered    whether a question was answered at all
links       weighs all this by what was learned: the probability of every link
citing      how many messages are worth citing
exchanges   makes the exchanges of a day
"""
