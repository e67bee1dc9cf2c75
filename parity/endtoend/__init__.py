"""The real SDK with the C core under it: does a whole application record the same?"""
