"""Loads archives: from files to exchanges in the store, in one transaction.

In the order of the work:

load     finds and reads the files, and runs the rest
plan     which of them are new, changed or gone
relink   which days have to be linked again, and who is whom in their groups
linker   links days, here or in processes of its own
"""
