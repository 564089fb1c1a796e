"""An auto-graded course kit that teaches 2-D convolution by writing it by hand in PyTorch."""

__version__ = "0.2.0"
