namespace CustobotGateway.Checkout.Payments;

/// <summary>Asks a payment provider, for as long as one is waited for; what it does not answer by then is not known.</summary>
internal static class AskProvider
{
    public static async Task<ProviderAnswer> RunAsync(PaymentOptions options, Func<CancellationToken, ValueTask<ProviderAnswer>> question)
    {
        using var time = new CancellationTokenSource(options.ProviderTime);
        try
        {
            return await question(time.Token);
        }
        catch (OperationCanceledException)
        {
            return ProviderAnswer.Unknown;
        }
    }
}
