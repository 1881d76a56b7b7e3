"""Reading by meaning, with the optional encoder; nothing here is needed for anything else.

``weights`` finds and checks what the extra installed, ``tokens`` and ``network`` compute what
its publisher's program computes, ``embedding`` makes vectors of sentences. On them stand
``second_stage`` (check-worthiness), ``reranking`` (passages and earlier texts) and ``resembling``
(claims seen before); ``additions`` reads the weights of our own.
"""
