-- Every buyer in turn, so that their API keys are known before anything is measured. Arguments: as for post.lua.
local requests = {}
local count = 0

function init(arguments)
    for line in io.lines(arguments[1]) do
        local header, path = line:match("[^\t]+\t([^\t]+)\t[^\t]+\t([^\t]+)")
        requests[#requests + 1] = string.format("GET %s HTTP/1.1\r\nHost: bench\r\n%s\r\n\r\n", path, header)
    end
end

function request()
    count = count % #requests + 1
    return requests[count]
end

function done(summary, latency, requests)
    io.write(string.format(
        'RESULT {"requests": %d, "microseconds": %d, "status_errors": %d, "socket_errors": 0, '
            .. '"p50": %d, "p90": %d, "p99": %d, "max": %d}\n',
        summary.requests, summary.duration, summary.errors.status,
        latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max))
end
