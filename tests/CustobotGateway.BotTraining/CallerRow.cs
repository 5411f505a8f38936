using System.Text.Json;
using CustobotGateway.BotDetection.Scoring;

namespace CustobotGateway.BotTraining;

/// <summary>One labelled caller, with what the gateway's own code reads from it.</summary>
internal sealed record CallerRow(string Id, string Label, string Kind, string Source, CallerRequest Request, DateTimeOffset ReceivedAt, HeaderReading Reading, VisitFeatures? Visit)
{
    public bool IsSoftware => Label != "human";

    public double[]? VisitValues { get; } = ValuesOf(Visit);

    /// <summary>What made the row. Rows of one maker are near copies, whatever user agent or signature it was given.</summary>
    public string Maker { get; } = MakerOf(Source);

    /// <summary>Spoofed and copied headers, impersonation, stealth headless: software that hides.</summary>
    public bool IsStealth => Kind is "spoofed_ua" or "spoofed_headers" or "copied_headers" or "impersonation" or "headless_spoofed" or "headless_stealth";

    public static IReadOnlyList<CallerRow> ReadAll(string file) => [.. File.ReadLines(file).Select(Read)];

    private static CallerRow Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        var row = json.RootElement;
        string Text(string name) => row.GetProperty(name).GetString()!;
        var headers = row.GetProperty("headers").EnumerateArray().Select(pair => KeyValuePair.Create(pair[0].GetString()!, pair[1].GetString()!)).ToArray();
        var request = new CallerRequest(Text("method"), Text("path"), Text("http_version"), new ReceivedHeaders(headers, orderIsKnown: true),
            row.TryGetProperty("h2_pseudo", out var pseudo) ? pseudo.GetString() : null);
        var visit = row.TryGetProperty("session", out var session) ? VisitFeatures.Of(session.GetProperty("requests").EnumerateArray().Select(Step)) : null;
        var label = Text("label");
        // What the verifier makes of them is what the label says; the report asks the verifier itself.
        var signature = label == "verified_agent" ? SignatureEvidence.Good : Text("kind") == "forged_signature" ? SignatureEvidence.Bad("forged") : SignatureEvidence.None;
        return new(Text("id"), label, Text("kind"), Text("source"), request, DateTimeOffset.FromUnixTimeSeconds(row.GetProperty("received_at").GetInt64()), HeaderReading.Of(request, signature), visit);
    }

    /// <summary>A request of a visit, as the rows write it.</summary>
    public static VisitRequest Step(JsonElement step) => new(
        step.GetProperty("t").GetInt64(), step.GetProperty("method").GetString()!, step.GetProperty("path").GetString()!, step.GetProperty("status").GetInt32(),
        step.GetProperty("referer").GetString());

    private static double[]? ValuesOf(VisitFeatures? visit)
    {
        if (visit is not { Requests: >= VisitFeatures.FewestRequests })
        {
            return null;
        }
        var values = new double[(int)VisitFeature.Count];
        visit.Write(values);
        return values;
    }

    private static string MakerOf(string source)
    {
        var on = source.IndexOf(" on ", StringComparison.Ordinal);
        var maker = on < 0 ? source : source[(on + 4)..];
        var name = maker.IndexOf(" as ", StringComparison.Ordinal);
        return name < 0 ? maker : maker[..name];
    }
}
