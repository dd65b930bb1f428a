-- The same GET again and again. Arguments: the API key (or "-").
function init(arguments)
    if arguments[1] and arguments[1] ~= "-" then wrk.headers["x-api-key"] = arguments[1] end
end

function done(summary, latency, requests)
    io.write(string.format(
        'RESULT {"requests": %d, "microseconds": %d, "status_errors": %d, "socket_errors": %d, '
            .. '"p50": %d, "p90": %d, "p99": %d, "max": %d}\n',
        summary.requests, summary.duration, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max))
end
