using System.Text.Json;
using CustobotGateway.Common;

namespace CustobotGateway.Checkout.Payments.Sandbox;

/// <summary>The sandbox as a process of its own, reached over HTTP: whatever the line does is an answer that never came.</summary>
internal sealed class RemoteSandboxProvider : IPaymentProvider, IDisposable
{
    private const int MostAnswerBytes = 64 * 1024;

    private readonly HttpClient _client;
    private readonly SandboxOptions _options;
    private readonly bool _isProduction;

    public RemoteSandboxProvider(SandboxOptions options, GatewaySettings settings)
    {
        (_options, _isProduction) = (options, settings.Production);
        // A connection of its own for each request: on one that was used before, the client would repeat a request whose line broke, and nobody would see that it did.
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.Zero })
        {
            BaseAddress = new Uri(options.Url.TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds),
            MaxResponseContentBufferSize = MostAnswerBytes,
        };
    }

    public string Handler => SandboxHandler.Name;

    public PaymentHandler? Describe(bool isTest) => SandboxHandler.Describe(_options, _isProduction, isTest);

    public void Dispose() => _client.Dispose();

    public ValueTask<ProviderAnswer> AuthoriseAsync(PaymentOrder order, CancellationToken cancellationToken) => Describe(order.IsTest) is null
        ? new(ProviderAnswer.Declined("handler_is_off"))
        : PostAsync("authorisations", new SandboxWire.Authorisation(order.PaymentId, order.Amount.Amount, order.Amount.Currency, order.Token, order.CheckoutSessionId), cancellationToken);

    public ValueTask<ProviderAnswer> CaptureAsync(PaymentReference payment, Money amount, CancellationToken cancellationToken) =>
        PostAsync("captures", new SandboxWire.Capture(payment.PaymentId, amount.Amount), cancellationToken);

    public ValueTask<ProviderAnswer> VoidAsync(PaymentReference payment, CancellationToken cancellationToken) =>
        PostAsync("voids", new SandboxWire.Void(payment.PaymentId), cancellationToken);

    public ValueTask<ProviderAnswer> RefundAsync(PaymentReference payment, string refundId, Money amount, CancellationToken cancellationToken) =>
        PostAsync("refunds", new SandboxWire.Refund(payment.PaymentId, refundId, amount.Amount), cancellationToken);

    public ValueTask<ProviderAnswer> FindAsync(PaymentReference payment, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, "payments/" + Uri.EscapeDataString(payment.PaymentId)), cancellationToken);

    private ValueTask<ProviderAnswer> PostAsync<T>(string path, T body, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, options: Json.Options) }, cancellationToken);

    private async ValueTask<ProviderAnswer> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        try
        {
            using var request = make();
            using var answer = await _client.SendAsync(request, cancellationToken);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<ProviderAnswer>(StoredJson.Options, cancellationToken) ?? ProviderAnswer.Unknown : ProviderAnswer.Unknown;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ProviderAnswer.Unknown;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException or NotSupportedException)
        {
            return ProviderAnswer.Unknown;
        }
    }
}
