"""Run `python -m autograder`."""

from autograder.safe_path import keep_off_the_working_folder

keep_off_the_working_folder()

from autograder.cli.app import main  # noqa: E402  (what it imports must not come from the working folder)

main()
