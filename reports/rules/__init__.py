"""The rules of the verdict, one module for each kind of evidence; each yields reasons and knows no other."""
