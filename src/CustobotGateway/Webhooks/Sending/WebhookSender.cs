using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Webhooks.Sending;

/// <summary>A message as it is sent.</summary>
/// <param name="Number">The delivery.</param>
/// <param name="Body">What is posted.</param>
/// <param name="Attempts">How many attempts were made since it was put into the queue.</param>
internal sealed record Message(long Number, string Body, int Attempts);

/// <summary>What came of one attempt.</summary>
/// <param name="Attempt">As the log tells it.</param>
/// <param name="RetryAfter">When the server wants to be asked again, counted from now.</param>
internal sealed record Sent(DeliveryAttempt Attempt, TimeSpan? RetryAfter)
{
    public bool Arrived => Attempt.Error is null;

    public bool IsGone => Attempt.Status == StatusCodes.Status410Gone;
}

/// <summary>Signs and posts messages. Redirects are failures, and every connection is to an address that was looked at.</summary>
internal sealed class WebhookSender : IDisposable
{
    private const int MostBytesRead = 4_096;
    private const int MostBytesKept = 1_024;

    private readonly GuardedFetch _fetch;
    private readonly TimeProvider _clock;

    /// <param name="options">The limits.</param>
    /// <param name="clock">The time that is signed.</param>
    /// <param name="resolve">The name server; null for the system's.</param>
    public WebhookSender(WebhookOptions options, TimeProvider clock, Func<string, CancellationToken, Task<System.Net.IPAddress[]>>? resolve)
    {
        // One more than are ever sent at once, since what is refused as busy would count as an attempt; the rest is for names that are looked up.
        var limits = new FetchOptions { AllowedHosts = options.AllowedHosts, TimeoutMilliseconds = options.TimeoutSeconds * 1_000, MaxConcurrent = options.MaxConcurrent }.Check();
        _fetch = resolve is null ? new GuardedFetch(limits) : new GuardedFetch(limits, resolve);
        _clock = clock;
    }

    /// <summary>The refusal of an address that nothing would be sent to; null where something would.</summary>
    public async Task<Problem?> RefusalOfAsync(string url, CancellationToken cancellationToken) =>
        await _fetch.RefusalOfAsync(new Uri(url), cancellationToken) switch
        {
            null => null,
            PostFault.UnknownHost => Refused("The host's name does not resolve.", "unknown_host"),
            _ => Refused("The address has to be one of https on the public internet.", "refused_address"),
        };

    /// <summary>One attempt. Never throws for what the other side does.</summary>
    public async Task<Sent> SendAsync(string url, IReadOnlyList<byte[]> secrets, Message message, CancellationToken cancellationToken)
    {
        var at = _clock.GetUtcNow();
        var began = _clock.GetTimestamp();
        var body = Encoding.UTF8.GetBytes(message.Body);
        var (id, timestamp) = (Ids.FromNumber(DeliveryRow.Prefix, message.Number), at.ToUnixTimeSeconds());
        var posted = await _fetch.PostAsync(new Uri(url), "application/json", body,
            [("webhook-id", id), ("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture)), ("webhook-signature", WebhookSecrets.Sign(secrets, id, timestamp, body))],
            MostBytesRead, cancellationToken);
        var retryAfter = posted.RetryAfter?.Delta ?? (posted.RetryAfter?.Date is { } date ? date - _clock.GetUtcNow() : null);
        return new Sent(new DeliveryAttempt(at, (long)_clock.GetElapsedTime(began).TotalMilliseconds, posted.Status, posted.Fault, TextOf(posted.Answer)), retryAfter);
    }

    /// <summary>A number from 0 to 1 by chance.</summary>
    public static double Chance() => RandomNumberGenerator.GetInt32(1_000_001) / 1_000_000.0;

    /// <inheritdoc/>
    public void Dispose() => _fetch.Dispose();

    private static Problem Refused(string detail, string code) => WebhookProblems.UrlRefused.With(detail, [new FieldError("/url", code, detail)]);

    // PostgreSQL holds no NUL in text; other bytes that are no UTF-8 become U+FFFD.
    private static string? TextOf(ReadOnlyMemory<byte> answer) =>
        answer.IsEmpty ? null : Encoding.UTF8.GetString(answer.Span[..Math.Min(answer.Length, MostBytesKept)]).Replace('\0', '\uFFFD');
}
