using CustobotGateway.Common.Pages;

namespace CustobotGateway.Tests.Common.Pages;

/// <summary>Amounts as people write them: ISO 4217 says how many digits the minor unit has.</summary>
public sealed class WrittenTests
{
    [Theory]
    [InlineData(24_900, "USD", "249.00 USD")]
    [InlineData(123_456_789, "EUR", "1,234,567.89 EUR")]
    [InlineData(500, "JPY", "500 JPY")]
    [InlineData(1_500, "KWD", "1.500 KWD")]
    [InlineData(-1_050, "USD", "-10.50 USD")]
    public void Minor_units_become_amounts(long amount, string currency, string written) => Assert.Equal(written, Written.Amount(amount, currency));
}
