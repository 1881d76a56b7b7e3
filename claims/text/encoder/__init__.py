"""Reading by meaning, with the optional encoder; nothing here is needed for anything else.

``weights`` finds and checks what the extra installed, ``tokens`` and ``network`` compute what
its publisher's program computes, ``embedding`` makes vectors of sentences. On them stand
``second_stage`` (check-worthiness), ``reranking`` (passages and earlier texts), ``resembling``
(claims seen before) and ``bearing`` with ``aligning`` (stance); ``additions`` reads the weights of
our own.
"""
