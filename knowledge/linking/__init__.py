"""Who answered what: from the messages of a day to its exchanges.

In the order of the work:

people      who is whom in a group, over all its days
scene       a day between its neighbours: each message worked out once, and the pairs
company     a second look at the likely links, when all of them are known
answered    whether a question was answered at all
links       weighs all three by what was learned: the probability of every link
citing      how many messages are worth citing
exchanges   makes the exchanges of a day
"""
