"""The sacrificial process of one trial on Dask. Dask's local workers import this file again."""

if __name__ == '__main__':
    from corescope.channel import take_over

    # Before anything else is imported: what it prints must not meet what we tell the lab.
    lab = take_over()

    from corescope.cluster.program import run

    run(lab)
