using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using CustobotGateway.Checkout.Payments;
using CustobotGateway.Common;
using CustobotGateway.Tests.Identity.Delegation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CustobotGateway.Tests.Checkout.Payments;

/// <summary>A gateway whose providers can be asked without a purchase, and whose every log line is kept.</summary>
public class PaymentsFixture : DelegationFixture
{
    public KeptLog Log { get; } = new();

    protected override void ConfigureServices(IServiceCollection services)
    {
        base.ConfigureServices(services);
        services.AddSingleton(new SandboxOptions { TimeoutMilliseconds = 20, SlowMilliseconds = 1, LaterMilliseconds = 60_000 });
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
    }

    /// <summary>A provider as the gateway asks it.</summary>
    public IPaymentProvider Provider(string handler = "sandbox") => App.Services.GetRequiredService<PaymentProviders>().Known(handler)!;

    /// <summary>A payment that nobody has asked for yet.</summary>
    public PaymentOrder Order(
        string token = "tok_visa", long amount = 20_000, string currency = "USD", string? session = null, string? id = null, string client = "purchasing-bot", string? person = Person) =>
        new(id ?? Ids.New("pay", Clock), session ?? "cks_" + Guid.NewGuid().ToString("n"), client, "grt_test", person, new Money(amount, currency), token, IsTest: false);

    /// <summary>What a provider is asked with after it has authorised the payment.</summary>
    public static PaymentReference Known(PaymentOrder order, string? reference = null) => new(order.PaymentId, reference, order.IsTest);

    /// <summary>Sends JSON without credentials.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAnonymouslyAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await Client.PostAsync(path, content);
        return (answer.StatusCode, await ReadJsonAsync(answer));
    }
}

/// <summary>Every line that was logged, at any level, with what it was made of.</summary>
public sealed class KeptLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Keeper(_lines);

    public void Dispose()
    {
    }

    private sealed class Keeper(ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {(state is IEnumerable<KeyValuePair<string, object?>> values ? string.Join(' ', values) : null)} {exception}");
    }
}
