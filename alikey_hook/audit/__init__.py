"""Many repositories: each is mirrored where it is not here, and its history looked at, by the processes of a Dask cluster."""
