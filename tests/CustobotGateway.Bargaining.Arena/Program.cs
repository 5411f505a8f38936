using System.Globalization;
using CustobotGateway.Bargaining.Arena;

switch (args)
{
    case ["figures", .. var rest]:
        System.Console.Out.Write(FiguresReport.Run(rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 400));
        return 0;
    case ["table", var seed, var count]:
        System.Console.Out.Write(FiguresReport.Of(int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture)));
        return 0;
    case ["compare", var seed, var count, .. var sets]:
        Tuning.Compare(int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture), sets);
        return 0;
    case ["tune", .. var rest]:
        Tuning.Run(rest);
        return 0;
    case ["signs", var seed, var count]:
        Tuning.WriteSigns(int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture));
        return 0;
    default:
        System.Console.Error.WriteLine("Usage: figures [SCENARIOS] | table SEED SCENARIOS | compare SEED SCENARIOS NAME=VALUE[,…]… | tune [NAME=VALUE…] | signs SEED SCENARIOS");
        return 2;
}
