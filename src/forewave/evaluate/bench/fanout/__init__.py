"""`forewave bench fanout`: time from `Gateway.publish` until the last client has the alert.

One clock (CLOCK_MONOTONIC): it runs from just before the call that publishes, signing included,
until the `recv` of each client. Servers and the load client are separate processes, on a core each
where there are enough. All servers are measured in the same run, in turns, beside a server in C
that only writes (the floor). A row counts only if every client received every alert exactly once
and byte for byte as sent.

    pip install 'forewave[bench]'       the other servers, and a C compiler where there is none
    forewave bench fanout                                            all rows, all sizes
    forewave bench fanout --rows floor,gateway,picows --clients 1000 --repetitions 1

The gateway's row uses the public class `forewave.delivery.gateway.Gateway` of the package that is
imported: to measure a working copy, set PYTHONPATH to its `src`.
"""
