"""Dask.distributed as what executes the tasks: a local cluster, or one that is there already."""
