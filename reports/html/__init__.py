"""The sign-off as one self-contained HTML file: no request, no framework, readable on paper and by ear."""
