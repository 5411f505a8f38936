using System.Net.Http.Headers;
using System.Text.Json;

namespace CustobotGateway.Checkout.Payments.Stripe;

/// <summary>What Stripe answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The JSON.</param>
internal sealed record StripeReply(int Status, JsonElement Body)
{
    public bool Succeeded => Status is >= 200 and < 300;

    /// <summary>The error's member as text; null if there is none.</summary>
    public string? Error(string member) => Body.Child("error")?.Text(member);
}

/// <summary>
/// Calls Stripe's API by form and JSON. What Stripe could not do just now (409, 429, 5xx, a broken line) is repeated with the same idempotency key, so that it is done once;
/// what has no answer even then is null. Nothing of a request is logged.
/// </summary>
internal sealed class StripeClient : IDisposable
{
    /// <summary>The version of the API that requests are written for.</summary>
    public const string Version = "2026-04-22.dahlia";

    /// <summary>The version in which shared payment tokens are offered.</summary>
    public const string PreviewVersion = "2026-04-22.preview";

    private const int MostTries = 3;
    private const int MostAnswerBytes = 4 * 1024 * 1024;

    private readonly HttpClient _client;
    private readonly StripeKeys _keys;
    private readonly StripeOptions _options;

    public StripeClient(StripeOptions options, StripeKeys keys)
    {
        (_options, _keys) = (options, keys);
        _client = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        { BaseAddress = new Uri(options.Url.TrimEnd('/') + "/"), Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MostAnswerBytes };
    }

    public void Dispose() => _client.Dispose();

    /// <summary>GET; null without an answer.</summary>
    public Task<StripeReply?> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, null, Version, cancellationToken);

    /// <summary>POST of a form; null without an answer.</summary>
    public Task<StripeReply?> PostAsync(
        string path, IReadOnlyList<KeyValuePair<string, string>> form, string idempotencyKey, CancellationToken cancellationToken, string version = Version) =>
        SendAsync(HttpMethod.Post, path, form, idempotencyKey, version, cancellationToken);

    private async Task<StripeReply?> SendAsync(
        HttpMethod method, string path, IReadOnlyList<KeyValuePair<string, string>>? form, string? idempotencyKey, string version, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.TimeoutMilliseconds);
        try
        {
            for (var tries = 1; ; tries++)
            {
                var reply = await TryAsync(method, path, form, idempotencyKey, version, patience.Token);
                if (reply is { Status: not (409 or 429 or >= 500) } || tries == MostTries)
                {
                    return reply is { Status: not (409 or 429 or >= 500) } ? reply : null;
                }
                await Task.Delay(_options.RetryMilliseconds << (tries - 1), patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<StripeReply?> TryAsync(
        HttpMethod method, string path, IReadOnlyList<KeyValuePair<string, string>>? form, string? idempotencyKey, string version, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = form is null ? null : new FormUrlEncodedContent(form) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _keys.SecretKey);
            request.Headers.Add("Stripe-Version", version);
            if (idempotencyKey is not null)
            {
                request.Headers.Add("Idempotency-Key", idempotencyKey);
            }
            using var answer = await _client.SendAsync(request, cancellationToken);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
            return new StripeReply((int)answer.StatusCode, body.RootElement.Clone());
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException)
        {
            return null;
        }
    }
}

/// <summary>Reads what may be absent or of another kind than expected.</summary>
internal static class StripeJson
{
    public static JsonElement? Child(this JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var child) && child.ValueKind == JsonValueKind.Object ? child : null;

    public static string? Text(this JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var child) && child.ValueKind == JsonValueKind.String ? child.GetString() : null;

    public static long Number(this JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var child) && child.ValueKind == JsonValueKind.Number && child.TryGetInt64(out var number) ? number : 0;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string member) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(member, out var child) && child.ValueKind == JsonValueKind.Array ? child.EnumerateArray() : [];
}
