package org.leakharness.host.shadow;

import android.content.pm.ApplicationInfo;
import android.content.pm.PackageParser;
import java.io.File;
import org.leakharness.host.app.BoundApp;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.annotation.RealObject;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowPackageParser;
import org.robolectric.util.ReflectionHelpers.ClassParameter;

/**
 * Parses the base APK of a package together with its splits, with the framework's own code.
 *
 * <p>Robolectric knows packages of one APK only and takes `codePath` for it. The splits' resources
 * and components are then the app's, as `LoadedApk` and `ResourcesManager` read them. All code is
 * in one class loader, also of apps that ask for isolated splits.
 */
@Implements(className = "android.content.pm.PackageParser", isInAndroidSdk = false)
public class PackageParserShadow extends ShadowPackageParser {
  @RealObject private PackageParser parser;

  @Implementation
  protected PackageParser.Package parsePackage(File file, int flags) {
    boolean whole = BoundApp.hasSplits() && file.isFile();
    PackageParser.Package parsed =
        Shadow.directlyOn(
            parser,
            PackageParser.class,
            "parsePackage",
            ClassParameter.from(File.class, whole ? file.getParentFile() : file),
            ClassParameter.from(int.class, flags));
    if (whole) {
      parsed.codePath = parsed.baseCodePath;
      ApplicationInfo info = parsed.applicationInfo;
      info.splitNames = parsed.splitNames;
      info.splitSourceDirs = parsed.splitCodePaths;
      info.splitPublicSourceDirs = parsed.splitCodePaths;
      info.privateFlags &= ~ApplicationInfo.PRIVATE_FLAG_ISOLATED_SPLIT_LOADING;
    }
    return parsed;
  }
}
