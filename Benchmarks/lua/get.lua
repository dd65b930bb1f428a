-- The same GET again and again. Arguments: the header that shows the API key, as "name: value" (or "-").
function init(arguments)
    local name, value = (arguments[1] or "-"):match("([^:]+): (.+)")
    if name then wrk.headers[name] = value end
end

function done(summary, latency, requests)
    io.write(string.format(
        'RESULT {"requests": %d, "microseconds": %d, "status_errors": %d, "socket_errors": %d, '
            .. '"p50": %d, "p90": %d, "p99": %d, "max": %d}\n',
        summary.requests, summary.duration, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max))
end
