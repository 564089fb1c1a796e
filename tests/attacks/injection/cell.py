# a cell raises with escapes in its text and its line
# expected: 0
# never: \x1b|\u202e
# says: raised ValueError
raise ValueError("\x1b[2J ‮ <script>")
