"""Twin tests: one body runs over `driftcore.reference` and `driftcore_native`.

What is right is written out in each test, as a literal or by way of the standard
library; neither subject is ever the other's judge.  Each test's name is a rule of
the contract.  The C tests beside them (`test_*.c`) look at the library's parts.
"""
