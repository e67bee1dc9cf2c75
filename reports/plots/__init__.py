"""Plots as SVG, drawn by Matplotlib; `svg` makes its output small and lets the page choose the colours.

Matplotlib, because intervals, bands and log axes are what it is made for, it is kept well,
draws without a browser and gives the same bytes for the same data (`svg.hashsalt`).  Its SVG is
wordy; `svg.cleaned` brings it to a fifth and keeps texts as texts.  Each module draws one plot.
"""
