"""Arithmetic that a reader would do on the back of an envelope, shown and never judged.

Promises hints: what the numbers of a sentence come to beside what the sentence says of
them, with the places they rest on. Refuses verdicts: a hint never says which number is wrong,
nor that one is; where roundings, hedges or another reading explain the difference, it is silent.
"""
