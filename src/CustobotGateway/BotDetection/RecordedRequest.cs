using System.Text.Json.Serialization;
using CustobotGateway.BotDetection.Scoring;
using FluentValidation.Results;

namespace CustobotGateway.BotDetection;

/// <summary>A request as somebody recorded it. Members that are not known are ignored, so that rows of other tools can be sent as they are.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public record RecordedRequest
{
    /// <summary>The row's name, unique in its batch; 1 to 256 characters.</summary>
    public required string Id { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>Path and query as they were sent.</summary>
    public required string Path { get; init; }

    /// <summary>The version of HTTP, such as <c>1.1</c> or <c>2</c>. Default 1.1.</summary>
    public string HttpVersion { get; init; } = "1.1";

    /// <summary>Pairs of name and value in the order and case in which they were sent; on HTTP/2 the authority is a pair named <c>host</c>. At most 1,000.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Headers { get; init; }

    /// <summary>The order of HTTP/2's pseudo headers by their first letters, such as <c>masp</c>; null where nobody saw it.</summary>
    public string? H2Pseudo { get; init; }

    /// <summary>When it was received, in seconds since 1970, which is what its signatures are judged by; now when null.</summary>
    public double? ReceivedAt { get; init; }

    /// <summary>The visit that the request belongs to; null where it is not known.</summary>
    public RecordedVisit? Session { get; init; }

    /// <summary>The headers as pairs.</summary>
    internal KeyValuePair<string, string>[] Pairs() => [.. Headers.Select(pair => KeyValuePair.Create(pair[0], pair[1]))];

    /// <summary>When it was received.</summary>
    internal DateTimeOffset ReceivedAtOr(TimeProvider clock) => ReceivedAt is { } seconds ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : clock.GetUtcNow();

    /// <summary>Scores it.</summary>
    internal CallerScore Score(KeyValuePair<string, string>[] pairs, SignatureEvidence signature) => CallerScorer.Score(
        new CallerRequest(Method, Path, HttpVersion, new ReceivedHeaders(pairs, orderIsKnown: true), H2Pseudo),
        Session is null ? null : VisitFeatures.Of(Session.Requests.Select(request => new VisitRequest((long)request.T, request.Method, request.Path, request.Status ?? 0, request.Referer))), signature);
}

/// <summary>A visit so far.</summary>
/// <param name="Requests">Its requests, oldest first, the one that is judged included; at most 10,000.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record RecordedVisit(IReadOnlyList<RecordedVisitRequest> Requests);

/// <summary>A request of a visit.</summary>
/// <param name="T">Milliseconds since the first.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Status">The status that was answered; null where it is not known.</param>
/// <param name="Referer">The header, or null.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record RecordedVisitRequest(double T, string Method, string Path, int? Status = null, string? Referer = null);

/// <summary>The bounds of recorded requests.</summary>
internal static class RecordedRequests
{
    private const int LongestId = 256;
    private const int LongestMethod = 64;
    private const int MostHeaders = 1_000;
    private const int MostOfVisit = 10_000;
    private const double LatestSecond = 253_402_300_799;
    private const double LongestVisit = 1e12;

    /// <summary>Checks a batch and adds what is wrong with it, by JSON Pointer.</summary>
    public static void Check(IReadOnlyList<RecordedRequest> rows, int most, string at, Action<ValidationFailure> add)
    {
        void Fault(string pointer, string code, string detail) => add(new ValidationFailure(pointer, detail) { ErrorCode = code });
        if (rows.Count == 0 || rows.Count > most)
        {
            Fault(at, "out_of_range", $"A batch has 1 to {most} rows; this one has {rows.Count}.");
            return;
        }
        var ids = new HashSet<string>(rows.Count, StringComparer.Ordinal);
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i] is not { } row)
            {
                Fault($"{at}/{i}", "required", "A row is an object.");
                continue;
            }
            if (row.Id.Length is 0 or > LongestId)
            {
                Fault($"{at}/{i}/id", "wrong_length", $"An id has 1 to {LongestId} characters.");
            }
            else if (!ids.Add(row.Id))
            {
                Fault($"{at}/{i}/id", "duplicate", "Another row of the batch has this id.");
            }
            Check(row, $"{at}/{i}", Fault);
        }
    }

    private static void Check(RecordedRequest row, string at, Action<string, string, string> fault)
    {
        if (row.Method.Length is 0 or > LongestMethod)
        {
            fault($"{at}/method", "wrong_length", $"A method has 1 to {LongestMethod} characters.");
        }
        if (row.Headers.Count > MostHeaders)
        {
            fault($"{at}/headers", "too_many", $"A request has at most {MostHeaders} headers.");
        }
        for (var i = 0; i < row.Headers.Count && i < MostHeaders; i++)
        {
            if (row.Headers[i] is not [not null, not null])
            {
                fault($"{at}/headers/{i}", "wrong_form", "A header is a pair of name and value.");
            }
        }
        if (row.ReceivedAt is { } seconds && !(seconds is >= 0 and <= LatestSecond))
        {
            fault($"{at}/received_at", "out_of_range", "received_at is in seconds since 1970.");
        }
        if (row.Session is { } visit)
        {
            if (visit.Requests.Count > MostOfVisit)
            {
                fault($"{at}/session/requests", "too_many", $"A visit has at most {MostOfVisit} requests.");
            }
            for (var i = 0; i < visit.Requests.Count && i < MostOfVisit; i++)
            {
                if (visit.Requests[i] is not { T: >= 0 and <= LongestVisit })
                {
                    fault($"{at}/session/requests/{i}", "wrong_form", "A visit's request has a time t from 0 on, in milliseconds.");
                }
            }
        }
    }
}
