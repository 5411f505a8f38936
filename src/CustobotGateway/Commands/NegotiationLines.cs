using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using CustobotGateway.Bargaining;
using CustobotGateway.Bargaining.Domain;

namespace CustobotGateway.Commands;

/// <summary>Answers the lines of <c>gateway negotiate</c>, one by one. It never throws for what a line says.</summary>
/// <param name="seed">Of what is left to chance.</param>
/// <param name="strategy">How to bargain.</param>
public sealed class NegotiationLines(int seed, StrategyName strategy)
{
    /// <summary>Longer lines are refused.</summary>
    public const int MaxLineBytes = 1024 * 1024;

    private const int MaxOpen = 10_000;
    private const int MaxOpenOutcomes = 8_000_000;
    private const int MaxBuyers = 50_000;
    private const int MaxText = 200;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, Open> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BuyerMemory> _buyers = new(StringComparer.Ordinal);
    private readonly Queue<string> _buyersInOrder = new();
    private readonly ArrayBufferWriter<byte> _answer = new();
    private int _openOutcomes;
    private (string Json, SellerSpace Space)? _lastSpace;

    /// <summary>A negotiation that is not closed.</summary>
    private sealed class Open(Negotiator negotiator, string? buyer)
    {
        public Negotiator Negotiator => negotiator;

        public string? Buyer => buyer;

        /// <summary>The hash of what the last turn said, so that its repetition is known as one.</summary>
        public byte[] LastOffer { get; set; } = [];
    }

    /// <summary>The answer to a line, with its line end. Valid until the next one is asked for.</summary>
    public ReadOnlyMemory<byte> Answer(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return AnswerTo(document.RootElement);
        }
        catch (JsonException)
        {
            return Error(null, "unreadable", "The line is not one JSON object.");
        }
        catch (InvalidOperationException)
        {
            // A text with half a surrogate pair parses and cannot be read.
            return Error(null, "unreadable", "The line has text that is not Unicode.");
        }
    }

    /// <summary>The answer to a line of more than <see cref="MaxLineBytes"/>.</summary>
    public ReadOnlyMemory<byte> AnswerTooLong() => Error(null, "line_too_long", $"A line has at most {MaxLineBytes} bytes.");

    private ReadOnlyMemory<byte> AnswerTo(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            return Error(null, "unreadable", "The line is not one JSON object.");
        }
        if (Text(line, "negotiation") is not { Length: > 0 } id)
        {
            return Error(null, "invalid_negotiation", $"'negotiation' must be a text of 1 to {MaxText} characters.");
        }
        return Text(line, "type") switch
        {
            "open" => Begin(id, line),
            "turn" when _open.TryGetValue(id, out var open) => Turn(id, open, line),
            "closed" when _open.TryGetValue(id, out var open) => Close(id, open),
            "turn" or "closed" => Error(id, "unknown_negotiation", "No such negotiation is open."),
            _ => Error(id, "unknown_type", "'type' must be open, turn or closed."),
        };
    }

    private ReadOnlyMemory<byte> Begin(string id, JsonElement line)
    {
        if (_open.ContainsKey(id))
        {
            return Error(id, "negotiation_exists", "A negotiation of this name is open.");
        }
        if (Text(line, "role") is not (null or "seller"))
        {
            return Error(id, "invalid_role", "'role' must be seller.");
        }
        if (!line.TryGetProperty("scenario", out var json))
        {
            return Error(id, "invalid_scenario", "'scenario' is missing.");
        }
        if (SpaceOf(json, out var fault) is not { } space)
        {
            return Error(id, "invalid_scenario", fault);
        }
        if (_open.Count >= MaxOpen || _openOutcomes + space.Outcomes.Count > MaxOpenOutcomes)
        {
            return Error(id, "too_many_negotiations", "Too many negotiations are open at once.");
        }
        var buyer = line.TryGetProperty("buyer", out var party) && party.ValueKind == JsonValueKind.Object ? Text(party, "ref") : null;
        var memory = buyer is null ? BuyerMemory.Empty : _buyers.GetValueOrDefault(buyer, BuyerMemory.Empty);
        _open[id] = new Open(Negotiator.Open(space, strategy, seed, memory), buyer);
        _openOutcomes += space.Outcomes.Count;
        Remember(buyer, memory.Opened(space.Scenario));
        return Write("ready", id);
    }

    private ReadOnlyMemory<byte> Turn(string id, Open open, JsonElement line)
    {
        if (!line.TryGetProperty("round", out var number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out var round) || round < 0)
        {
            return Error(id, "invalid_round", "'round' must be a whole number from 0.");
        }
        line.TryGetProperty("offer", out var offer);
        var negotiator = open.Negotiator;
        var said = SHA256.HashData(offer.ValueKind == JsonValueKind.Undefined ? [] : JsonMarshal.GetRawUtf8Value(offer));
        if (negotiator.Last is { } last && round <= negotiator.Course.Round)
        {
            // A retry is answered as the first time; it must not be answered by a second concession.
            return round == negotiator.Course.Round && said.AsSpan().SequenceEqual(open.LastOffer) ? Write("action", id, last, negotiator) : Error(id, "stale_round", "This round has been answered.");
        }
        if (negotiator.Last is { Kind: not DecisionKind.Offer })
        {
            return Error(id, "negotiation_ended", "The seller's last act ended the negotiation.");
        }
        open.LastOffer = said;
        return Write("action", id, negotiator.Decide(round, OfferReader.Read(negotiator.Course.Space.Outcomes, offer)), negotiator);
    }

    private ReadOnlyMemory<byte> Close(string id, Open open)
    {
        _open.Remove(id);
        _openOutcomes -= open.Negotiator.Course.Space.Outcomes.Count;
        var analysis = open.Negotiator.Analyse();
        if (open.Buyer is { } buyer)
        {
            Remember(buyer, _buyers.GetValueOrDefault(buyer, BuyerMemory.Empty).Closed(open.Negotiator.Course, analysis));
        }
        return Write("ok", id, analysis: analysis);
    }

    /// <summary>Many negotiations of a run are over the same scenario, one after the other.</summary>
    private SellerSpace? SpaceOf(JsonElement json, out string fault)
    {
        fault = "";
        var text = json.GetRawText();
        if (_lastSpace is { } last && last.Json == text)
        {
            return last.Space;
        }
        if (ScenarioReader.Read(json, out fault) is not { } scenario)
        {
            return null;
        }
        try
        {
            _lastSpace = (text, new SellerSpace(scenario));
            return _lastSpace.Value.Space;
        }
        catch (OverflowException)
        {
            fault = "The scenario's amounts are too large.";
            return null;
        }
    }

    private void Remember(string? buyer, BuyerMemory memory)
    {
        if (buyer is null)
        {
            return;
        }
        if (!_buyers.ContainsKey(buyer))
        {
            _buyersInOrder.Enqueue(buyer);
            if (_buyersInOrder.Count > MaxBuyers)
            {
                _buyers.Remove(_buyersInOrder.Dequeue());
            }
        }
        _buyers[buyer] = memory;
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && member.GetString() is { Length: <= MaxText } text ? text : null;

    private ReadOnlyMemory<byte> Error(string? id, string code, string detail) => Write("error", id, error: (code, detail));

    private ReadOnlyMemory<byte> Write(string type, string? id, Decision? decision = null, Negotiator? negotiator = null, OpponentAnalysis? analysis = null, (string Code, string Detail)? error = null)
    {
        _answer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_answer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("negotiation", id);
            if (decision is not null)
            {
                WriteAction(json, decision, negotiator!.Course.Space.Outcomes);
            }
            if (analysis is not null)
            {
                WriteAnalysis(json, analysis);
            }
            if (error is { } fault)
            {
                json.WriteString("code", fault.Code);
                json.WriteString("detail", fault.Detail);
            }
            json.WriteEndObject();
        }
        _answer.Write("\n"u8);
        return _answer.WrittenMemory;
    }

    private static void WriteAction(Utf8JsonWriter json, Decision decision, OutcomeSpace outcomes)
    {
        json.WriteString("action", decision.Kind switch { DecisionKind.Offer => "offer", DecisionKind.Accept => "accept", DecisionKind.End => "end", _ => "escalate" });
        if (decision is { Kind: DecisionKind.Offer, Outcome: { } outcome })
        {
            json.WriteStartObject("offer");
            for (var issue = 0; issue < outcomes.Issues.Count; issue++)
            {
                var value = outcomes.Value(outcome, issue);
                json.WritePropertyName(outcomes.Issues[issue].Name);
                if (value.Number is { } number)
                {
                    json.WriteNumberValue(number);
                }
                else
                {
                    json.WriteStringValue(value.Text);
                }
            }
            json.WriteEndObject();
        }
        if (decision.Kind is DecisionKind.End or DecisionKind.Escalate)
        {
            json.WriteString("reason", decision.Reason);
        }
    }

    private static void WriteAnalysis(Utf8JsonWriter json, OpponentAnalysis analysis)
    {
        json.WriteStartObject("analysis");
        json.WriteString("opponent", analysis.Kind switch
        {
            OpponentKind.Time => "time",
            OpponentKind.Behaviour => "behaviour",
            OpponentKind.Hardliner => "hardliner",
            OpponentKind.Random => "random",
            OpponentKind.Exploiter => "exploiter",
            _ => "unknown",
        });
        if (analysis.ConcessionExponent is { } exponent && double.IsFinite(exponent))
        {
            json.WriteNumber("concession_exponent", Math.Round(exponent, 3));
        }
        else
        {
            json.WriteNull("concession_exponent");
        }
        json.WriteStartArray("flags");
        foreach (var flag in analysis.Flags)
        {
            json.WriteStringValue(flag);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
