using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CustobotGateway.Tests.Checkout.Payments;

/// <summary>
/// Answers as Stripe's API does, in its published shapes: form-encoded requests, payment intents, charges, refunds, errors, and idempotency keys that replay the first answer
/// and refuse another request. Every request is recorded.
/// </summary>
public sealed class StripeStandIn : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonObject> _intents = [];
    private readonly List<JsonObject> _refunds = [];
    private readonly Dictionary<string, (string Form, int Status, string Body)> _keys = [];
    private readonly ConcurrentQueue<(string Path, string Fault)> _faults = new();
    private readonly WebApplication _app;
    private int _number;

    public StripeStandIn()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>What the key of the API has to be.</summary>
    public const string Key = "sk_test_of_the_stand_in";

    public string Url => _app.Urls.First();

    public ConcurrentQueue<Recorded> Requests { get; } = new();

    /// <summary>Whether search knows what was made: Stripe's is behind by up to a minute.</summary>
    public bool SearchIsBehind { get; set; }

    public Task StartAsync() => _app.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Lets the next call whose path ends so go wrong: before, after, 409, 429, 500.</summary>
    public void FailNext(string path, string fault, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _faults.Enqueue((path, fault));
        }
    }

    /// <summary>What the person did at the bank's page.</summary>
    public void Authenticate(string intent, bool succeeds)
    {
        lock (_lock)
        {
            _intents[intent]["status"] = succeeds ? "requires_capture" : "requires_payment_method";
            _intents[intent]["last_payment_error"] = succeeds ? null : new JsonObject { ["code"] = "payment_intent_authentication_failure" };
        }
    }

    /// <summary>All intents as they stand.</summary>
    public IReadOnlyList<JsonObject> Intents
    {
        get
        {
            lock (_lock)
            {
                return [.. _intents.Values.Select(intent => (JsonObject)intent.DeepClone())];
            }
        }
    }

    /// <summary>A request as it arrived.</summary>
    public sealed record Recorded(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Form, string? IdempotencyKey, string? Version, string? Authorization);

    private async Task AnswerAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync()).ToDictionary(pair => pair.Key, pair => pair.Value.ToString()) : [];
        var key = context.Request.Headers["Idempotency-Key"].FirstOrDefault();
        var path = context.Request.Path.Value!;
        Requests.Enqueue(new(context.Request.Method, path, context.Request.QueryString.Value ?? "", form, key, context.Request.Headers["Stripe-Version"], context.Request.Headers.Authorization));
        var fault = _faults.TryPeek(out var next) && path.EndsWith(next.Path, StringComparison.Ordinal) && _faults.TryDequeue(out next) ? next.Fault : "";
        if (fault is "409" or "429" or "500")
        {
            context.Response.StatusCode = int.Parse(fault, CultureInfo.InvariantCulture);
            await context.Response.WriteAsync("""{"error":{"type":"api_error","message":"not now"}}""");
            return;
        }
        if (fault == "before")
        {
            context.Abort();
            return;
        }
        var (status, body) = Answer(context.Request, path, form, key);
        if (fault == "after")
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    private (int Status, string Body) Answer(HttpRequest request, string path, Dictionary<string, string> form, string? key)
    {
        lock (_lock)
        {
            if (request.Headers.Authorization != "Bearer " + Key)
            {
                return (401, """{"error":{"type":"invalid_request_error","message":"Invalid API Key provided"}}""");
            }
            var written = path + "?" + string.Join('&', form.OrderBy(pair => pair.Key, StringComparer.Ordinal));
            if (key is not null && _keys.TryGetValue(key, out var first))
            {
                return first.Form == written ? (first.Status, first.Body)
                    : (400, """{"error":{"type":"idempotency_error","message":"Keys for idempotent requests can only be used with the same parameters they were first used with."}}""");
            }
            var (status, body) = Do(request, path, form);
            var text = body.ToJsonString();
            if (key is not null)
            {
                _keys[key] = (written, status, text);
            }
            return (status, text);
        }
    }

    private (int Status, JsonObject Body) Do(HttpRequest request, string path, Dictionary<string, string> form)
    {
        var steps = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, steps) switch
        {
            ("POST", ["v1", "payment_intents"]) => Create(form),
            ("POST", ["v1", "payment_intents", var id, "capture"]) => Capture(id, form),
            ("POST", ["v1", "payment_intents", var id, "cancel"]) => Cancel(id),
            ("GET", ["v1", "payment_intents", "search"]) => (200, Listed(SearchIsBehind ? [] : _intents.Values.Where(intent =>
                request.Query["query"] == $"metadata['payment_id']:'{intent["metadata"]!["payment_id"]}'"))),
            ("GET", ["v1", "payment_intents", var id]) => _intents.TryGetValue(id, out var intent) ? (200, (JsonObject)intent.DeepClone()) : Missing("payment_intent"),
            ("GET", ["v1", "payment_intents"]) => Page(request),
            ("GET", ["v1", "refunds"]) => (200, Listed(_refunds.Where(refund => (string?)refund["payment_intent"] == request.Query["payment_intent"]))),
            ("POST", ["v1", "refunds"]) => Refund(form),
            _ => Missing("resource"),
        };
    }

    private (int Status, JsonObject Body) Create(Dictionary<string, string> form)
    {
        var means = form.GetValueOrDefault("payment_method") ?? form.GetValueOrDefault("payment_method_data[shared_payment_granted_token]");
        if (means?.Contains("missing", StringComparison.Ordinal) == true)
        {
            return (400, Error("invalid_request_error", "resource_missing", null));
        }
        var number = ++_number;
        var intent = new JsonObject
        {
            ["id"] = $"pi_{number}",
            ["object"] = "payment_intent",
            ["amount"] = long.Parse(form["amount"], CultureInfo.InvariantCulture),
            ["amount_received"] = 0L,
            ["currency"] = form["currency"],
            ["capture_method"] = form["capture_method"],
            ["metadata"] = new JsonObject(form.Where(pair => pair.Key.StartsWith("metadata[", StringComparison.Ordinal)).Select(pair => new KeyValuePair<string, JsonNode?>(pair.Key[9..^1], pair.Value))),
            ["status"] = form.GetValueOrDefault("confirm") != "true" ? "requires_payment_method"
                : means!.Contains("Declined", StringComparison.Ordinal) ? "requires_payment_method"
                : means.Contains("authenticationRequired", StringComparison.Ordinal) ? (form.GetValueOrDefault("off_session") == "true" ? "requires_payment_method" : "requires_action")
                : means.Contains("processing", StringComparison.Ordinal) ? "processing" : "requires_capture",
        };
        _intents[$"pi_{number}"] = intent;
        switch ((string?)intent["status"])
        {
            case "requires_action":
                intent["next_action"] = new JsonObject { ["type"] = "redirect_to_url", ["redirect_to_url"] = new JsonObject { ["url"] = $"https://hooks.stripe.com/3d_secure/{number}", ["return_url"] = form["return_url"] } };
                break;
            case "requires_payment_method" when form.GetValueOrDefault("confirm") == "true":
                var error = Error("card_error", means!.Contains("authenticationRequired", StringComparison.Ordinal) ? "authentication_required" : "card_declined",
                    means.Contains("InsufficientFunds", StringComparison.Ordinal) ? "insufficient_funds" : means.Contains("authenticationRequired", StringComparison.Ordinal) ? null : "generic_decline");
                error["error"]!["payment_intent"] = intent.DeepClone();
                return (402, error);
        }
        return (200, (JsonObject)intent.DeepClone());
    }

    private (int Status, JsonObject Body) Capture(string id, Dictionary<string, string> form)
    {
        if (!_intents.TryGetValue(id, out var intent))
        {
            return Missing("payment_intent");
        }
        if ((string?)intent["status"] != "requires_capture")
        {
            return Unexpected(intent);
        }
        intent["status"] = "succeeded";
        intent["amount_received"] = long.Parse(form["amount_to_capture"], CultureInfo.InvariantCulture);
        intent["latest_charge"] = new JsonObject { ["id"] = "ch_" + id, ["object"] = "charge", ["amount_refunded"] = 0L };
        return (200, (JsonObject)intent.DeepClone());
    }

    private (int Status, JsonObject Body) Cancel(string id)
    {
        if (!_intents.TryGetValue(id, out var intent))
        {
            return Missing("payment_intent");
        }
        if ((string?)intent["status"] is "succeeded" or "canceled")
        {
            return Unexpected(intent);
        }
        intent["status"] = "canceled";
        return (200, (JsonObject)intent.DeepClone());
    }

    private (int Status, JsonObject Body) Refund(Dictionary<string, string> form)
    {
        var (intent, amount) = (_intents[form["payment_intent"]], long.Parse(form["amount"], CultureInfo.InvariantCulture));
        var charge = intent["latest_charge"]!;
        if ((long)charge["amount_refunded"]! + amount > (long)intent["amount_received"]!)
        {
            return (400, Error("invalid_request_error", "charge_already_refunded", null));
        }
        charge["amount_refunded"] = (long)charge["amount_refunded"]! + amount;
        var refund = new JsonObject
        {
            ["id"] = $"re_{_refunds.Count + 1}",
            ["object"] = "refund",
            ["payment_intent"] = form["payment_intent"],
            ["amount"] = amount,
            ["status"] = "succeeded",
            ["metadata"] = new JsonObject { ["refund_id"] = form["metadata[refund_id]"] },
        };
        _refunds.Add(refund);
        return (200, (JsonObject)refund.DeepClone());
    }

    // Pages of two, whatever is asked, so that a list is seen to be read to its end.
    private (int Status, JsonObject Body) Page(HttpRequest request)
    {
        var all = _intents.Values.Reverse().ToList();
        var after = request.Query["starting_after"].ToString();
        var rest = all.Skip(after.Length == 0 ? 0 : all.FindIndex(intent => (string?)intent["id"] == after) + 1).ToList();
        var page = Listed(rest.Take(2));
        page["has_more"] = rest.Count > 2;
        return (200, page);
    }

    private static JsonObject Listed(IEnumerable<JsonObject> items) =>
        new() { ["object"] = "list", ["data"] = new JsonArray([.. items.Select(item => item.DeepClone())]), ["has_more"] = false };

    private static (int Status, JsonObject Body) Missing(string what) => (404, Error("invalid_request_error", "resource_missing", null, what));

    private static (int Status, JsonObject Body) Unexpected(JsonObject intent)
    {
        var error = Error("invalid_request_error", "payment_intent_unexpected_state", null);
        error["error"]!["payment_intent"] = intent.DeepClone();
        return (400, error);
    }

    private static JsonObject Error(string type, string code, string? declineCode, string? message = null)
    {
        var error = new JsonObject { ["type"] = type, ["code"] = code, ["message"] = message ?? code };
        if (declineCode is not null)
        {
            error["decline_code"] = declineCode;
        }
        return new JsonObject { ["error"] = error };
    }
}
