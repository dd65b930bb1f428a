-- Purchases of random customers, each with an Idempotency-Key of its own.
-- Arguments: a file of lines "path <tab> header with the API key <tab> body <tab> path of a read", and the run's name,
-- which every Idempotency-Key carries.
local buyers = {}
local count = 0
local run = ""

function init(arguments)
    for line in io.lines(arguments[1]) do
        local path, header, body = line:match("([^\t]+)\t([^\t]+)\t([^\t]+)")
        buyers[#buyers + 1] = {
            string.format(
                "POST %s HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n%s\r\n"
                    .. "Content-Length: %d\r\nIdempotency-Key: ", path, header, #body),
            "\r\n\r\n" .. body,
        }
    end
    run = arguments[2]
    math.randomseed(tonumber(arguments[3] or "1"))
end

function request()
    count = count + 1
    local buyer = buyers[math.random(#buyers)]
    return buyer[1] .. run .. "-" .. count .. buyer[2]
end

function done(summary, latency, requests)
    io.write(string.format(
        'RESULT {"requests": %d, "microseconds": %d, "status_errors": %d, "socket_errors": %d, '
            .. '"p50": %d, "p90": %d, "p99": %d, "max": %d}\n',
        summary.requests, summary.duration, summary.errors.status,
        summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
        latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max))
end
