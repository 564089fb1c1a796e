"""What one submission may use, as course.yml states it."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """What one submission may use. Seconds are CPU seconds of its worker."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    call_seconds: float = Field(2, gt=0, le=600, description="CPU seconds for one call or one notebook cell")
    submission_seconds: float = Field(20, gt=0, le=3600, description="CPU seconds for a whole submission")
    memory_mb: int = Field(512, ge=64, le=65536, description="memory in MB, beyond what PyTorch itself takes")
    output_bytes: int = Field(1_000_000, ge=0, description="what a submission may print, in bytes")
    file_bytes: int = Field(16_000_000, ge=0, description="the largest file that a submission may write, in bytes")
    explain_calls: int = Field(
        200,
        ge=0,
        le=10_000,
        description="calls to find the smallest one that goes wrong; up to three times as many may tell more about it",
    )
    edit_calls: int = Field(
        2000, ge=0, le=100_000, description="calls to find the line that one edit mends; with 0, nobody looks for it"
    )
    restarts: int = Field(3, ge=0, le=100, description="how often a submission that dies or hangs is started again")

    def for_candidates(self) -> Self:
        """Return the limits of workers that try edits: a slip is found within seconds, or not at all.

        Calls end a search, not these limits: a machine that is slow or busy today must find what it found yesterday.
        """
        lower = {"call_seconds": min(self.call_seconds, 0.5), "submission_seconds": min(self.submission_seconds, 10)}
        return self.model_copy(update={**lower, "restarts": min(self.restarts, 2)})
